import { defineResource } from '../../../kit/crud/define-resource.js';
import { TagsController } from './tags.controller.js';
import { kit } from './tags.definition.js';
import { Tags } from './tags.service.js';

export const tags = defineResource({ ...kit.definition, service: Tags, controller: TagsController });
