import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Tag } from './tag.entity.js';

export const kit = defineCrud({
  path: 'tags',
  scope: 'tags',
  entity: Tag,
  label: 'Tag',
  offers: ['list'],
});
