/** What a report is made of. */
export interface ReportOptions {
  /** A SQLite file or a postgresql:// address. */
  readonly database: string;
  /** Key, id or beginning of an id of the campaign; the latest where absent. */
  readonly campaign?: string;
}

/**
 * The report of a campaign, concluded or not, as one HTML page that needs nothing else; what `labloop report` writes.
 *
 * @throws an error with a `fault` when there is no such campaign, or its files can't be read
 */
export async function campaignReport({ database, campaign }: ReportOptions): Promise<string> {
  // Loaded when it is called: who imports labloop for its decisions needs no database.
  const [{ openDatabase }, { openStore }, { findCampaign }, { tellCampaign }, { reportPage }] =
    await Promise.all([
      import("../../record/database.ts"),
      import("../../record/store.ts"),
      import("../cli/session.ts"),
      import("./told-campaign.ts"),
      import("./report-page.ts"),
    ]);
  const opened = await openDatabase(database);
  try {
    const store = openStore(opened);
    return reportPage(await tellCampaign(store, await findCampaign(store, campaign)), Date.now());
  } finally {
    await opened.close();
  }
}
