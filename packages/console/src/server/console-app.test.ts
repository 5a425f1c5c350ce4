import { describe, expect, test } from "vitest";
import { createConsoleApp } from "./console-app.ts";
import type { Trouble } from "./desk.ts";
import { createTickets } from "./tickets.ts";

const TOKEN = "a-token-of-the-test";
const HOST = "127.0.0.1:4321";

let trouble: Trouble = { slowPercentage: 0, errorPercentage: 0 };
const tickets = createTickets();
const app = createConsoleApp({
  desks: [],
  token: TOKEN,
  tickets,
  trouble: {
    current: () => trouble,
    turn(wanted) {
      trouble = wanted;
    },
  },
});

/** Asks as a browser or a program would. */
const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  app.request(`http://${HOST}${path}`, { ...init, headers: { host: HOST, ...headers } });
const cookie = { cookie: `sluice-4321=${TOKEN}` };
const told = { "x-sluice-token": TOKEN };

describe("whoever has not been told the address", () => {
  test.each(["/api/fleet", "/api/live/fleet", "/api/trouble", "/page.js"])(
    "learns nothing of %s",
    async (path) => {
      for (const headers of [{}, { cookie: "sluice-4321=wrong" }, { "x-sluice-token": "" }]) {
        const answer = await ask(path, headers);
        expect(answer.status).toBe(401);
        expect(await answer.text()).not.toContain(TOKEN);
      }
    },
  );

  test("is told at the door where to look", async () => {
    const answer = await ask("/");
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain("Open the address that the console has printed");
    expect((await ask("/?token=wrong")).headers.get("set-cookie")).toBeNull();
  });
});

describe("whoever has", () => {
  test("gets a cookie that no script and no other site can use, and an address without the token", async () => {
    const answer = await ask(`/?token=${TOKEN}`);
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("/");
    const given = answer.headers.get("set-cookie") ?? "";
    expect(given).toContain(`sluice-4321=${TOKEN}`);
    expect(given).toMatch(/HttpOnly/);
    expect(given).toMatch(/SameSite=Strict/);
  });

  test("may have a ticket instead, which is good for once, and for the door alone", async () => {
    const ticket = tickets.issue();
    expect((await ask(`/api/fleet?ticket=${ticket}`)).status).toBe(401);
    const answer = await ask(`/?ticket=${ticket}`);
    expect(answer.headers.get("location")).toBe("/");
    expect(answer.headers.get("set-cookie")).toContain(`sluice-4321=${TOKEN}`);
    expect((await ask(`/?ticket=${ticket}`)).status).toBe(401);
  });

  test("sees the page, which runs no script but its own and may not be framed", async () => {
    const answer = await ask("/", cookie);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("gets a script of less than 150 kB, compressed or not", async () => {
    const script = await (await ask("/page.js", cookie)).text();
    expect(script.length).toBeGreaterThan(10_000);
    expect(script.length).toBeLessThan(150_000);
  });

  test("changes nothing with the cookie alone: a form of another site would bring that", async () => {
    const body = JSON.stringify({ errorPercentage: 50 });
    const post = { method: "POST", body };
    expect((await ask("/api/trouble", cookie, post)).status).toBe(401);
    expect((await ask("/api/trouble", { ...cookie, ...told }, post)).status).toBe(200);
    expect(trouble).toEqual({ slowPercentage: 0, errorPercentage: 50 });
  });

  test.each(['{"errorPercentage":101}', '{"errorPercentage":"all"}', "{", ""])(
    "can't make trouble of %j",
    async (body) => {
      expect((await ask("/api/trouble", told, { method: "POST", body })).status).toBe(422);
    },
  );

  test("is told of what there is none of", async () => {
    const paths = [
      "/api/providers/nobody",
      "/api/providers/nobody/dead",
      "/api/providers/nobody/events",
      "/api/nothing",
    ];
    for (const path of paths) expect((await ask(path, cookie)).status).toBe(404);
    expect(await (await ask("/api/fleet", cookie)).json()).toEqual({ cards: [], failed: [] });
  });
});

describe("a page from elsewhere", () => {
  test.each(["evil.example", "evil.example:4321", "127.0.0.1.evil.example", "", "[::2]:1"])(
    "that has made the name %j lead here gets nothing, token or not",
    async (host) => {
      for (const path of ["/", "/api/fleet", `/?token=${TOKEN}`]) {
        expect((await ask(path, { ...cookie, ...told, host })).status).toBe(403);
      }
    },
  );

  test.each(["https://evil.example", "null", "http://127.0.0.1:4322", "http://localhost:4321"])(
    "of origin %s gets nothing, token or not",
    async (origin) => {
      expect((await ask("/api/fleet", { ...cookie, ...told, origin })).status).toBe(403);
    },
  );

  test("is not the page itself", async () => {
    expect((await ask("/api/fleet", { ...cookie, origin: `http://${HOST}` })).status).toBe(200);
  });
});
