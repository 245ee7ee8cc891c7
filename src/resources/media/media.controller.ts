import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, RequireScope } from '../../access/decorators/route-policy.js';
import { headerOf, principalOf } from '../../access/request.js';
import type { Resource } from '../../resource-kit/define-resource.js';
import { Answers } from '../../wire/answers.js';
import { TakesForm } from '../../wire/form.js';
import { PICTURE, UploadedMedia } from './media.dto.js';
import { Media } from './media.entity.js';
import { MediaStore } from './media.service.js';

const HEADERS = {
  'cache-control': 'public, max-age=31536000, immutable',
  // Opened by itself, it is a document of ours, which may do nothing.
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

@Controller('media')
export class MediaController {
  constructor(private readonly media: MediaStore) {}

  @Post('upload')
  @RequireScope('media', 'write')
  @TakesForm(PICTURE)
  @Answers(201, UploadedMedia, 'Upload a picture')
  upload(@Req() request: FastifyRequest): Promise<UploadedMedia> {
    return this.media.add(principalOf(request), request);
  }

  @Get(':id')
  @Public('pictures are shown to people who have no key; their ids are not to be guessed')
  @Answers(200, { mediaType: '*/*' }, 'Get a picture', { also: { 304: undefined }, refusals: [503] })
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const picture = await this.media.find(id);
    const etag = `"${id}"`;
    void reply.headers({ ...HEADERS, etag });
    if (headerOf(request, 'if-none-match')?.includes(etag)) return reply.status(304).send();
    const bytes = await this.media.open(picture);
    return reply.header('content-length', picture.bytes).type(picture.media_type).send(bytes);
  }
}

export const media: Resource = { entities: [Media], controllers: [MediaController], providers: [MediaStore] };
