import { afterAll, beforeAll, beforeEach } from 'vitest';
import { FreezableProxy } from '../../support/freezable-proxy.js';
import { HttpClient, type Answer, type Ask } from '../../support/http-client.js';
import { Proxy, type ProxyName } from '../../support/proxy.js';
import { StubServer } from '../../support/stub-server.js';
import { TestServer } from '../../support/start-app.js';
import { declareBilling } from './billing.js';

/** Gatehouse, a service that knows nothing of it, and a proxy that asks the one before it calls the other. */
export class Gateway {
  readonly server = TestServer.forSuite();
  /** Records what reaches it. */
  readonly service!: StubServer;
  /** Between the proxy and Gatehouse; it can hang or refuse. */
  readonly link!: FreezableProxy;
  readonly #client = new HttpClient();
  #proxy!: Proxy;

  private constructor() {}

  /** For the tests of the suite that calls this. What has reached the service is forgotten before each test. */
  static forSuite(name: ProxyName): Gateway {
    const gateway = new Gateway();
    beforeAll(async () => {
      await declareBilling(gateway.server.owner);
      const service = await StubServer.start('127.0.0.1');
      const link = await FreezableProxy.start(gateway.server.url);
      Object.assign(gateway, { service, link });
      gateway.#proxy = await Proxy.start(name, {
        gatehouse: [new URL(link.url).host],
        service: `127.0.0.1:${service.port}`,
      });
    });
    beforeEach(() => {
      gateway.service.seen.length = 0;
      gateway.service.answers(200, { from: 'the service' });
    });
    afterAll(async () => {
      gateway.#client.close();
      await gateway.#proxy.stop();
      await gateway.service.close();
      await gateway.link.stop();
    });
    return gateway;
  }

  get url(): string {
    return this.#proxy.url;
  }

  /** Asks through the proxy. */
  ask(request: Ask): Promise<Answer> {
    return this.#client.ask(this.url, request);
  }

  /** Asks Gatehouse itself. */
  askDirectly(request: Ask): Promise<Answer> {
    return this.#client.ask(this.server.url, request);
  }
}
