import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { AuthFailures } from '../../../access/credentials/auth-failures.js';
import { BoundedMap } from '../../../core/cache/bounded-map.js';
import type { Principal } from '../../../access/principal/principal.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { RecentRead } from '../../../core/database/recent-read.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { Files } from '../../../kit/files/files.service.js';
import { PICTURE, type UploadedMedia } from './media.dto.js';
import { Media } from './media.entity.js';

type Picture = Pick<Media, 'file_id' | 'media_type' | 'bytes'>;

const ID = /^[0-9a-f]{32}$/;
const READ = `
  SELECT json_build_object('file_id', file_id, 'media_type', media_type, 'bytes', bytes)::text FROM media WHERE id = $1`;

/** Bounds the statements for a popular picture, and the time for which a deleted one is still served. */
const PICTURE_KEPT_MS = 1_000;
const PICTURES_MAX = 1_000;

/** Pictures that a key uploads and anyone with the link can see. */
@Injectable()
export class MediaStore {
  readonly #read: PreparedRead;
  readonly #recent = new BoundedMap<string, RecentRead<Picture | undefined>>(PICTURES_MAX);

  constructor(
    private readonly database: Database,
    private readonly files: Files,
    private readonly failures: AuthFailures,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.#read = database.reads.prepare('media.read', READ);
  }

  /** @throws AppError as `Files.receive` */
  add({ orgId }: Principal, request: FastifyRequest): Promise<UploadedMedia> {
    return this.files.receive(request, orgId, PICTURE, ({ file: { id: file_id, media_type, bytes } }) =>
      inTransaction(this.database.dataSource, async (manager) => {
        const id = randomBytes(16).toString('hex');
        await this.files.keep(manager, { id: file_id, bytes });
        await manager.insert(Media, { id, org_id: orgId, file_id, media_type, bytes });
        return { id, url: `${this.config.publicUrl}/media/${id}` };
      }),
    );
  }

  /**
   * @param network of the client: an id is a secret, so unknown ones count as failed authentications
   * @throws AppError not_found (404), rate_limited (429)
   */
  async find(id: string, network: string): Promise<Picture> {
    const picture = ID.test(id) ? await this.#lookUp(id, network) : undefined;
    if (picture === undefined) throw notFound('Media');
    return picture;
  }

  async #lookUp(id: string, network: string): Promise<Picture | undefined> {
    const recent = this.#recent.get(id);
    if (recent !== undefined) return recent.get();
    const read = new RecentRead(PICTURE_KEPT_MS, () => this.#read.row<Picture>([id]));
    const picture = await this.failures.attempt(
      network,
      () => read.get(),
      (found) => found === undefined,
    );
    if (picture !== undefined) this.#recent.set(id, read);
    return picture;
  }

  /** Streams it from disk. @throws AppError storage_unavailable (503) */
  open({ file_id }: Picture): Promise<Readable> {
    return this.files.read(file_id);
  }
}
