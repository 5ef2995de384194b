import { availableParallelism } from "node:os";
import { openPeers, type Peer, type PythonPeers } from "../peers/python-peers.ts";
import { labloopThreads } from "./labloop-threads.ts";
import { randomRows } from "./random-search.ts";
import { worstOf } from "./redoxmers.ts";
import { playRows, type TablePlayer } from "./table-campaign.ts";

/** Someone who plays campaigns over tables. */
export interface Contender {
  readonly name: string;
  readonly play: TablePlayer;
  /** Campaigns at a time. */
  readonly lanes: number;
}

/** Labloop, and who it is compared with. */
export interface Contenders {
  readonly labloop: Contender;
  readonly others: readonly Contender[];
  /** Peers that were asked for, there or not. */
  readonly peers: readonly Peer[];
  readonly end: () => void;
}

/** Campaigns of labloop at a time. */
const MOST_LANES = 2;

/**
 * Opens whoever can play.
 *
 * @param wanted - "random" and names of peers
 * @param acquisition - how BoTorch scores rows
 */
export async function openContenders(
  wanted: readonly string[],
  acquisition: "logei" | "lognei",
): Promise<Contenders> {
  const { process: python, peers } = await openPeers(wanted.filter((name) => name !== "random"));
  const lanes = Math.min(MOST_LANES, availableParallelism());
  const threads = labloopThreads(lanes);
  const random: Contender = {
    name: "random",
    play: (set, campaign) => playRows(set, campaign, randomRows(set.outcomes.length, campaign.seed)),
    lanes: 1,
  };
  return {
    labloop: { name: "labloop", play: threads.play, lanes },
    others: [
      ...(wanted.includes("random") ? [random] : []),
      ...peers.flatMap(({ kind, name }) =>
        kind === "present" && python !== undefined
          ? [{ name, play: peerPlayer(python, name, acquisition), lanes: 1 }]
          : [],
      ),
    ],
    peers,
    end: () => {
      threads.end();
      python?.end();
    },
  };
}

function peerPlayer(python: PythonPeers, peer: string, acquisition: "logei" | "lognei"): TablePlayer {
  return async (set, campaign) => {
    const objectives = set.outcomes[0]?.length ?? 1;
    const optimiser = await python.begin<number>({
      peer,
      seed: campaign.seed,
      acquisition,
      space: set.space,
      objectives,
      ...(objectives > 1 ? { reference: worstOf(set) } : {}),
    });
    return playRows(set, campaign, optimiser);
  };
}
