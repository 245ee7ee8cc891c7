import dns2 from 'dns2';
import { freePort } from './free-port.js';

const { Packet } = dns2;

/** A name server for all names, with the TXT records of the test. */
export class DnsServer {
  readonly texts = new Map<string, string[]>();
  #server: dns2.DnsServer | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<DnsServer> {
    const server = new DnsServer(await freePort());
    await server.start();
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#server = dns2.createServer({
      udp: true,
      handle: (request, send) => {
        const response = Packet.createResponseFromRequest(request);
        const { name } = request.questions[0]!;
        const texts = this.texts.get(name);
        if (texts === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
        for (const data of texts ?? []) {
          const answer = new Packet.Resource(name, Packet.TYPE.TXT, Packet.CLASS.IN, 1);
          // A string of a TXT record has at most 255 bytes.
          response.answers.push(Object.assign(answer, { data: data.match(/.{1,255}/g) ?? [''] }));
        }
        send(response);
      },
    });
    await this.#server.listen({ udp: { port: this.port, address: '127.0.0.1' } });
  }

  async stop(): Promise<void> {
    await this.#server!.close();
  }
}
