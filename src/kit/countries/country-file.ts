import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Reader } from 'mmdb-lib';
import { Countries } from '../../access/ports/countries.js';
import { canonicalAddress } from '../../access/network/ip-address.js';
import type { Config } from '../../core/config/config.js';
import type { Log } from '../../core/logging/log.js';

const LOOK_EVERY_MS = 10_000;
const CODE = /^[A-Z]{2}$/;

/** MaxMind and DB-IP have an object with `iso_code`, IPinfo has `country_code` or the code itself. */
interface Entry {
  readonly country?: string | { readonly iso_code?: string };
  readonly country_code?: string;
}
/** The library types the records of MaxMind only. */
interface EntryReader {
  get(address: string): Entry | null;
}

/**
 * Countries from a local file in MaxMind's format. A replaced file is read again within some seconds; until it can be read,
 * the old one stays in use.
 */
export class CountryFile extends Countries {
  #reader: EntryReader;
  readonly #onChange = () => void this.#reload();

  private constructor(
    private readonly path: string,
    reader: EntryReader,
    private readonly log: Pick<Log, 'info' | 'warn'>,
    lookEveryMs: number,
  ) {
    super();
    this.#reader = reader;
    // Compares what the path leads to, so that a file that takes its place is noticed. fs.watch would follow the old one.
    watchFile(path, { interval: lookEveryMs, persistent: false }, this.#onChange);
  }

  /** @throws Error with a sentence if the file can't be read */
  static async open(
    path: string,
    log: Pick<Log, 'info' | 'warn'>,
    lookEveryMs: number = LOOK_EVERY_MS,
  ): Promise<CountryFile> {
    return new CountryFile(path, await readCountryFile(path), log, lookEveryMs);
  }

  override of(address: string): string | null {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return null;
    const code = codeOf(this.#reader.get(canonical));
    return code !== undefined && CODE.test(code) ? code : null;
  }

  close(): void {
    unwatchFile(this.path, this.#onChange);
  }

  async #reload(): Promise<void> {
    try {
      this.#reader = await readCountryFile(this.path);
      this.log.info({ path: this.path }, 'COUNTRY_FILE is read again');
    } catch (error) {
      this.log.warn({ path: this.path, reason: (error as Error).message }, 'COUNTRY_FILE stays as it was');
    }
  }
}

/** Without a file. */
export class NoCountries extends Countries {
  override of(): null {
    return null;
  }
}

/** Why the configured file can't be used. */
export async function countryFileProblems({ countryFile }: Pick<Config, 'countryFile'>): Promise<string[]> {
  if (countryFile === undefined) return [];
  return readCountryFile(countryFile).then(
    () => [],
    (error: Error) => [error.message],
  );
}

/** @throws Error with a sentence: the file is missing, or not in MaxMind's format */
export async function readCountryFile(path: string): Promise<EntryReader> {
  const [bytes, { Reader: MmdbReader }] = await Promise.all([bytesOf(path), import('mmdb-lib')]);
  try {
    const reader = new MmdbReader(bytes) as Reader<never>;
    // Only the metadata has been read so far.
    reader.get('192.0.2.1');
    return reader;
  } catch {
    throw new Error(`${path} is not a file in MaxMind's format (.mmdb)`);
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`${path} can't be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

function codeOf(entry: Entry | null): string | undefined {
  const country = entry?.country;
  return (typeof country === 'string' ? country : country?.iso_code) ?? entry?.country_code;
}
