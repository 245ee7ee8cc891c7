import { Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { CurrentClient } from '../../../access/decorators/current-client.js';
import type { Client } from '../../../access/network/client-ip.js';
import { create as download } from 'content-disposition';
import { Public } from '../../../access/decorators/for-audience.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { SignedQuery } from '../../../core/encryption/link-signer.js';
import { HARMLESS, HARMLESS_AND_PRIVATE } from '../../../kit/files/file-headers.js';
import { isNotModified } from '../../../core/http/cached-body.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { Attachments } from '../chat-sessions/attachments.service.js';
import { PICTURE, UploadedMedia } from './media.dto.js';
import { MediaStore } from './media.service.js';
import type { Principal } from '../../../access/principal/principal.js';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { Answer } from '../../../core/wire/answer.js';
import { IncomingForm } from '../../../core/http/incoming-form.js';

const FOR_GOOD = { ...HARMLESS, 'cache-control': 'public, max-age=31536000, immutable' };

@Controller('media')
export class MediaUploadController {
  constructor(private readonly media: MediaStore) {}

  @Post('upload')
  @RequireScope('media', 'write')
  @TakesForm(PICTURE)
  @Answers(201, UploadedMedia, 'Upload a picture', { refusals: [409] })
  add(@CurrentPrincipal() principal: Principal, @IncomingForm() form: IncomingForm): Promise<UploadedMedia> {
    return this.media.add(principal, form);
  }
}

/** What messages and articles show. */
@Controller('media')
export class MediaController {
  constructor(
    private readonly media: MediaStore,
    private readonly attachments: Attachments,
  ) {}

  @Get(':id')
  @Public('pictures are shown to people without a key; ids cannot be guessed, and links to attachments are signed', {
    resources: ['media', 'chat-sessions', 'help-center'],
  })
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
    @Headers() requested: IncomingHttpHeaders,
    @CurrentClient() client: Client,
  ): Promise<Answer> {
    if (signature !== undefined) return this.#attachment(id, { expires, signature });
    const picture = await this.media.find(id, client.network);
    const headers = { ...FOR_GOOD, etag: `"${id}"` };
    if (isNotModified(requested, headers.etag)) return new Answer(undefined, { status: 304, headers });
    const described = { ...headers, 'content-type': picture.media_type, 'content-length': picture.bytes };
    return new Answer(await this.media.open(picture), { headers: described });
  }

  /** Sent as a download, so that no browser executes it in the origin of the server. */
  async #attachment(id: string, link: SignedQuery): Promise<Answer> {
    const { name, content } = await this.attachments.open(id, link);
    const type = { 'content-type': 'application/octet-stream', 'content-disposition': download(name) };
    return new Answer(content, { headers: { ...HARMLESS_AND_PRIVATE, ...type } });
  }
}
