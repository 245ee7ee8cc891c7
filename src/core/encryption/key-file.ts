import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { KeyRing } from './key-ring.js';

const KEY_BYTES = 32;

type Keys = [Buffer, ...Buffer[]];

/** The configured keys. Without ENCRYPTION_KEY: those of the key file and ENCRYPTION_KEYS_OLD. */
export async function keyRingOf({ encryptionKey, encryptionKeysOld, dataDir }: Config): Promise<KeyRing> {
  if (encryptionKey) return KeyRing.of(encryptionKey, ...encryptionKeysOld);
  const [first, ...others] = await KeyFile.in(dataDir).keys();
  return KeyRing.of(first, ...others, ...encryptionKeysOld);
}

/**
 * The file of an embedded database's keys, so that trying the product needs no set-up. One key per line; the first one
 * encrypts. Its mode is 0600.
 */
export class KeyFile {
  private constructor(
    private readonly dataDir: string,
    readonly path: string,
  ) {}

  static in(dataDir: string): KeyFile {
    return new KeyFile(dataDir, join(dataDir, 'encryption.key'));
  }

  /** Makes the file with a first key if there is none. */
  async keys(): Promise<Keys> {
    const text = (await this.#read()) ?? (await this.#make());
    const keys = text.split('\n').filter((line) => line.trim() !== '');
    const secrets = keys.map((line) => Buffer.from(line, 'base64'));
    if (secrets.length === 0 || secrets.some(({ length }) => length !== KEY_BYTES)) {
      throw new Error(`${this.path} must hold a key of ${KEY_BYTES} bytes in base64 on each line.`);
    }
    return secrets as Keys;
  }

  /** Adds a key that encrypts from the next start on. The others still decrypt. */
  async addNewKey(): Promise<void> {
    const keys = await this.keys();
    await this.#replace([newKey(), ...keys]);
  }

  /** @returns how many keys were removed */
  async dropOldKeys(): Promise<number> {
    const [first, ...others] = await this.keys();
    if (others.length > 0) await this.#replace([first]);
    return others.length;
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #make(): Promise<string> {
    await mkdir(this.dataDir, { recursive: true });
    await this.#write([newKey()], async (draft) => {
      try {
        // Unlike a rename, a link fails if another process was first. Then that process's key is used.
        await link(draft, this.path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    });
    return readFile(this.path, 'utf8');
  }

  #replace(keys: Keys): Promise<void> {
    return this.#write(keys, (draft) => rename(draft, this.path));
  }

  /** Writes a draft, flushes it to disk and puts it in place, so that neither a reader nor a crash meets a partial file. */
  async #write(keys: Keys, putInPlace: (draft: string) => Promise<void>): Promise<void> {
    const draft = `${this.path}.${randomBytes(4).toString('hex')}`;
    const text = keys.map((key) => `${key.toString('base64')}\n`).join('');
    try {
      await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
      await putInPlace(draft);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}
