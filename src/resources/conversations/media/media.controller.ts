import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { create as download } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../access/decorators/for-audience.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { principalOf } from '../../../access/principal/request.js';
import type { SignedQuery } from '../../../core/encryption/link-signer.js';
import { HARMLESS, HARMLESS_AND_PRIVATE } from '../../../kit/files/file-headers.js';
import { isNotModified } from '../../../core/http/cached-body.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { Attachments } from '../chat-sessions/attachments.service.js';
import { PICTURE, UploadedMedia } from './media.dto.js';
import { MediaStore } from './media.service.js';

const FOR_GOOD = { ...HARMLESS, 'cache-control': 'public, max-age=31536000, immutable' };

@Controller('media')
export class MediaController {
  constructor(
    private readonly media: MediaStore,
    private readonly attachments: Attachments,
  ) {}

  @Post('upload')
  @RequireScope('media', 'write')
  @TakesForm(PICTURE)
  @Answers(201, UploadedMedia, 'Upload a picture', { refusals: [409] })
  upload(@Req() request: FastifyRequest): Promise<UploadedMedia> {
    return this.media.add(principalOf(request), request);
  }

  @Get(':id')
  @Public(
    'pictures are shown to people who have no key; their ids are not to be guessed, and links to attachments are signed',
  )
  @Answers(200, { mediaType: '*/*' }, 'Get a picture or an attachment', {
    description:
      'An attachment is read by the link that the history of its chat session has: signed, and for 15 minutes.',
    isCached: true,
    refusals: [429, 503],
  })
  async read(
    @Param('id') id: string,
    @Query('expires') expires: unknown,
    @Query('signature') signature: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (signature !== undefined) return this.#sendAttachment(reply, id, { expires, signature });
    const picture = await this.media.find(id, request.client.network);
    const etag = `"${id}"`;
    void reply.headers({ ...FOR_GOOD, etag });
    if (isNotModified(request, etag)) return reply.status(304).send();
    const bytes = await this.media.open(picture);
    return reply.header('content-length', picture.bytes).type(picture.media_type).send(bytes);
  }

  /** Sent as a download, so that no browser executes it in the origin of the server. */
  async #sendAttachment(reply: FastifyReply, id: string, link: SignedQuery) {
    const { name, content } = await this.attachments.open(id, link);
    return reply
      .headers({ ...HARMLESS_AND_PRIVATE, 'content-disposition': download(name) })
      .type('application/octet-stream')
      .send(content);
  }
}
