import type { FastifyReply } from 'fastify';
import type { Config } from '../../core/config/config.js';

/** The lifetime of an active session. */
export const SESSION_DAYS_MAX = 7;
export const SESSION_IDLE_HOURS_MAX = 12;

/** The session cookie. With https its prefix keeps other hosts and plain http from setting it. */
export class SessionCookie {
  readonly name: string;
  readonly #attributes: string;

  constructor({ publicUrl }: Pick<Config, 'publicUrl'>) {
    const isSecure = publicUrl.startsWith('https:');
    this.name = isSecure ? '__Host-gatehouse_session' : 'gatehouse_session';
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  give(reply: FastifyReply, token: string): void {
    reply.header('Set-Cookie', `${this.name}=${token}; Max-Age=${SESSION_DAYS_MAX * 86_400}; ${this.#attributes}`);
  }

  clear(reply: FastifyReply): void {
    reply.header('Set-Cookie', `${this.name}=; Max-Age=0; ${this.#attributes}`);
  }
}
