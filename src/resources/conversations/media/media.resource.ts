import type { Resource } from '../../../kit/crud/define-resource.js';
import { MediaController, MediaUploadController } from './media.controller.js';
import { Media } from './media.entity.js';
import { MediaStore } from './media.service.js';

export const media: Resource = {
  entities: [Media],
  controllers: [MediaUploadController, MediaController],
  providers: [MediaStore],
};
