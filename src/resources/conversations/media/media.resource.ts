import type { Resource } from '../../../kit/crud/define-resource.js';
import { MediaController } from './media.controller.js';
import { Media } from './media.entity.js';
import { MediaStore } from './media.service.js';

export const media: Resource = { entities: [Media], controllers: [MediaController], providers: [MediaStore] };
