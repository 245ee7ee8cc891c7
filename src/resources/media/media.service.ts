import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import type { PreparedRead } from '../../database/prepared-read.js';
import { inTransaction } from '../../database/transaction.js';
import { AppError } from '../../errors/app-error.js';
import { Files } from '../../files/files.service.js';
import { PICTURE, type UploadedMedia } from './media.dto.js';
import { Media } from './media.entity.js';

type Picture = Pick<Media, 'file_id' | 'media_type' | 'bytes'>;

const ID = /^[0-9a-f]{32}$/;
const READ = `
  SELECT json_build_object('file_id', file_id, 'media_type', media_type, 'bytes', bytes)::text FROM media WHERE id = $1`;

/** Pictures, uploaded by a key of their org and shown to anybody. */
@Injectable()
export class MediaStore {
  readonly #read: PreparedRead;

  constructor(
    private readonly database: Database,
    private readonly files: Files,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.#read = database.reads.prepare('media.read', READ);
  }

  /** @throws AppError as `Files.receive` */
  add({ orgId }: Principal, request: FastifyRequest): Promise<UploadedMedia> {
    return this.files.receive(request, orgId, PICTURE, ({ file: { id: file_id, media_type, bytes } }) =>
      inTransaction(this.database.dataSource, async (manager) => {
        const id = randomBytes(16).toString('hex');
        await this.files.keep(manager, file_id);
        await manager.insert(Media, { id, org_id: orgId, file_id, media_type, bytes });
        return { id, url: `${this.config.publicUrl}/media/${id}` };
      }),
    );
  }

  /** @throws AppError not_found (404) */
  async find(id: string): Promise<Picture> {
    const text = ID.test(id) ? await this.#read.text([id]) : undefined;
    if (typeof text !== 'string') throw new AppError('not_found', { what: 'Media' });
    return JSON.parse(text) as Picture;
  }

  /** From the disk, a piece at a time. @throws AppError storage_unavailable (503) */
  open({ file_id }: Picture): Promise<Readable> {
    return this.files.read(file_id);
  }
}
