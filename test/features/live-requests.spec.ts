import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { v7 } from 'uuid';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestView } from '../../src/insight/request-log/request-view.dto.js';
import { DENIED, storeRequests } from '../support/logged-requests.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const PATH = '/manage/v1/requests/live';

/** A client of the live view, as a browser's EventSource. */
class LiveView {
  readonly requests: RequestView[] = [];
  isOpen = true;

  private constructor(
    readonly status: number,
    readonly contentType: string | undefined,
    private readonly incoming: IncomingMessage,
  ) {
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      const events = (text + chunk).split('\n\n');
      text = events.pop()!;
      for (const event of events) {
        const data = /^event: request\nid: (?<id>\S+)\ndata: (?<json>.+)$/m.exec(event)?.groups;
        if (data !== undefined) this.requests.push(JSON.parse(data['json']!) as RequestView);
      }
    });
    incoming.once('close', () => (this.isOpen = false)).once('error', () => undefined);
  }

  static async open(server: TestServer, session: string, query = '', headers: Record<string, string> = {}) {
    const request = get(`${server.url}${PATH}${query}`, {
      headers: { Cookie: `gatehouse_session=${session}`, ...headers },
      agent: false,
    });
    const [incoming] = (await once(request, 'response')) as [IncomingMessage];
    const view = new LiveView(incoming.statusCode!, incoming.headers['content-type'], incoming);
    opened.push(view);
    return view;
  }

  get ids(): string[] {
    return this.requests.map(({ id }) => id);
  }

  get isComplete(): boolean {
    return this.incoming.complete;
  }

  leave(): void {
    this.incoming.destroy();
  }
}

const opened: LiveView[] = [];
const server = TestServer.forSuite({ REQUEST_LOG: 'off' });
let org: TestOrg;
let session: string;
beforeAll(async () => {
  org = await server.newOrg();
  session = await server.newSession(org);
});
afterEach(() => {
  for (const view of opened.splice(0)) view.leave();
});

const ofOrg = () => ({ org_id: org.id, partner_id: org.partner.id, route: '/live' });
const QUERY = '?route=/live';

describe('GET /manage/v1/requests/live', () => {
  it('sends each new request of the org once, and those of no other org', async () => {
    const other = await server.newOrg();
    await storeRequests(server, [ofOrg()]);
    const view = await LiveView.open(server, session, QUERY);
    expect([view.status, view.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const [one] = await storeRequests(server, [ofOrg(), { ...ofOrg(), org_id: other.id }]);
    await until('the request is sent', () => view.requests.length === 1);
    const [two] = await storeRequests(server, [{ ...ofOrg(), ...DENIED, route: '/live' }]);
    await until('the second request is sent', () => view.requests.length > 1);
    expect(view.ids).toEqual([one!.id, two!.id]);
    expect(view.requests[1]).toMatchObject({ status: 403, refusal: { guard: 'scope', reason: 'scope_missing' } });
  });

  it('sends requests that another process stores late, after newer ones', async () => {
    const view = await LiveView.open(server, session, QUERY);
    const [newer] = await storeRequests(server, [ofOrg()]);
    await until('the request is sent', () => view.requests.length === 1);
    const [late] = await storeRequests(server, [{ ...ofOrg(), at: new Date(Date.now() - 5_000) }]);
    await until('both requests are sent', () => view.requests.length === 2);
    expect(view.ids).toEqual([newer!.id, late!.id]);
  });

  it('sends only what its filters match', async () => {
    const view = await LiveView.open(server, session, `${QUERY}&outcome=denied&status=4xx`);
    const stored = await storeRequests(server, [ofOrg(), { ...ofOrg(), ...DENIED, route: '/live' }, ofOrg()]);
    await until('the request is sent', () => view.requests.length > 0);
    expect(view.ids).toEqual([stored[1]!.id]);
  });

  it('sends more than one batch of requests at once, in order', async () => {
    const view = await LiveView.open(server, session, QUERY);
    const stored = await storeRequests(server, Array.from({ length: 1_200 }, ofOrg));
    await until('all requests are sent', () => view.requests.length >= stored.length);
    expect(view.ids).toEqual(stored.map(({ id }) => id));
  });

  it('sends a client that reconnects what it missed', async () => {
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1_000);
    const entries = [40, 30, 20].map((seconds) => ({ ...ofOrg(), route: '/missed', at: at(seconds) }));
    const stored = await storeRequests(server, entries);
    const [had, ...missed] = stored.map(({ id }) => id);
    const view = await LiveView.open(server, session, '?route=/missed', { 'Last-Event-ID': had! });
    await until('both requests are sent', () => view.requests.length === 2);
    expect(view.ids).toEqual(missed);
    const tooOld = v7({ msecs: Date.now() - 86_400_000 });
    const again = await LiveView.open(server, session, '?route=/missed', { 'Last-Event-ID': tooOld });
    await until('the request is sent', () => again.ids.includes(missed[1]!));
  });

  it('ends when the member signs out', async () => {
    const leaving = await server.newSession(org, 'leaving@acmetours.example');
    const view = await LiveView.open(server, leaving);
    await server.signedIn(leaving).delete('/session').expect(204);
    await until('the view has ended', () => !view.isOpen);
  });

  it('refuses more than ten at once to one org, and lets another in when one leaves', async () => {
    const crowded = await server.newSession(await server.newOrg());
    const views = await Promise.all(Array.from({ length: 10 }, () => LiveView.open(server, crowded)));
    expect(views.map(({ status }) => status)).toEqual(views.map(() => 200));
    const { body } = await server.signedIn(crowded).get(PATH).expect(429);
    expect(body).toMatchObject({ code: 'live_views_limit' });
    const other = await server.newSession(await server.newOrg());
    expect((await LiveView.open(server, other)).status).toBe(200);
    views[0]!.leave();
    await until('another view may open', async () => (await LiveView.open(server, crowded)).status === 200);
  });

  it('answers an invalid filter and a missing session before the stream begins', async () => {
    await server.signedIn(session).get(`${PATH}?status=600`).expect(400);
    await server.http.get(PATH).expect(401);
  });
});

it('a server that shuts down ends its live views at once', async () => {
  const stopping = await TestServer.start({ REQUEST_LOG: 'off' });
  const itsOrg = await stopping.newOrg();
  const view = await LiveView.open(stopping, await stopping.newSession(itsOrg));
  await stopping.close();
  await until('the view has ended', () => !view.isOpen);
  // The server cuts the connections of requests that don't end.
  expect(view.isComplete).toBe(true);
});
