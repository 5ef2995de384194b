import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly retries: number;
  };
}

const { services, volumes } = parse(readFileSync("docker-compose.yml", "utf8")) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};

describe.each(Object.entries(services))("the service %s of docker-compose.yml", (_, service) => {
  it("has a pinned image", () => {
    expect(service.image).toMatch(/^[a-z-]+:\d+\.\d+(\.\d+)?(-alpine)?$/);
  });

  it("has no password of its own, and says which variable is missing", () => {
    const secrets = Object.entries(service.environment).filter(([name]) => /PASSWORD/.test(name));
    expect(secrets.length).toBeGreaterThan(0);
    for (const [, value] of secrets) expect(value).toMatch(/^\$\{(LABLOOP_[A-Z_]+):\?set \1, .+\}$/);
  });

  it("listens on this computer alone", () => {
    expect(service.ports.length).toBeGreaterThan(0);
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{LABLOOP_[A-Z_]+:-\d+\}:\d+$/);
  });

  it("keeps its data in a named volume", () => {
    for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
    expect(service.volumes).toHaveLength(1);
  });

  it("is looked after by a health check", () => {
    expect(service.healthcheck.test[0]).toMatch(/^CMD/);
    expect(service.healthcheck.retries).toBeGreaterThan(0);
  });
});

it("docker-compose.yml has what the advice of record.unreachable starts", () => {
  expect(services).toHaveProperty("postgres");
  expect(readFileSync("docs/how-to/postgresql-and-mosquitto.md", "utf8")).toContain(
    "docker compose up -d --wait postgres",
  );
});
