import { Child } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import { HttpClient } from '../../support/http-client.js';
import { until } from '../../support/until.js';

export interface ExampleSettings {
  /** The URL of Gatehouse. */
  readonly gatehouse: string;
  readonly serviceKey: string;
  readonly cwd?: string;
}

/** An example service, as its reader starts it. */
export class ExampleProcess {
  private constructor(
    private readonly child: Child,
    private readonly url: string,
  ) {}

  static async start(file: string, args: string[], { gatehouse, serviceKey, cwd }: ExampleSettings) {
    const port = await freePort();
    const own = { GATEHOUSE_URL: gatehouse, GATEHOUSE_SERVICE_KEY: serviceKey, PORT: String(port) };
    const child = new Child(file, args, { ...(cwd !== undefined && { cwd }), env: { ...process.env, ...own } });
    await until('the example listens', () => {
      if (!child.isRunning) throw new Error(child.output);
      return child.output.includes('Listening on port');
    });
    return new ExampleProcess(child, `http://127.0.0.1:${port}`);
  }

  async get(path: string, key: string) {
    const client = new HttpClient(key);
    const { status, headers, body } = await client.ask(this.url, { path });
    client.close();
    return { status, headers, body: JSON.parse(body) as unknown };
  }

  async stop(): Promise<void> {
    await this.child.end('SIGKILL');
  }
}
