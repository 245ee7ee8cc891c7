import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { KeyRing } from './key-ring.js';

const KEY_BYTES = 32;

type Keys = [Buffer, ...Buffer[]];

/** The configured keys; where ENCRYPTION_KEY isn't set, those of the key file and ENCRYPTION_KEYS_OLD. */
export async function keyRingOf({ encryptionKey, encryptionKeysOld, dataDir }: Config): Promise<KeyRing> {
  if (encryptionKey) return KeyRing.of(encryptionKey, ...encryptionKeysOld);
  const [first, ...others] = await KeyFile.in(dataDir).keys();
  return KeyRing.of(first, ...others, ...encryptionKeysOld);
}

/**
 * The keys of an embedded database, beside it, so that trying the product needs no setup: a line for each, the one
 * that seals first. Only the owner may read it (0600).
 */
export class KeyFile {
  private constructor(
    private readonly dataDir: string,
    readonly path: string,
  ) {}

  static in(dataDir: string): KeyFile {
    return new KeyFile(dataDir, join(dataDir, 'encryption.key'));
  }

  /** Makes the first key where there is no file. */
  async keys(): Promise<Keys> {
    const text = (await this.#read()) ?? (await this.#make());
    const keys = text.split('\n').filter((line) => line.trim() !== '');
    const secrets = keys.map((line) => Buffer.from(line, 'base64'));
    if (secrets.length === 0 || secrets.some(({ length }) => length !== KEY_BYTES)) {
      throw new Error(`${this.path} must hold a key of ${KEY_BYTES} bytes in base64 on each line.`);
    }
    return secrets as Keys;
  }

  /** A new key seals from the next start on; the others go on opening. */
  async addNewKey(): Promise<void> {
    const keys = await this.keys();
    await this.#replace([newKey(), ...keys]);
  }

  /** @returns how many there were */
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
        // Unlike a rename, a link fails where another process was first; then that process's key counts.
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

  /** Puts a file in place that is on the disk as a whole, so that no reader and no crash finds half of it. */
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
