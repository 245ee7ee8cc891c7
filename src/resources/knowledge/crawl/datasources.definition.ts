import { originOf } from '../../../kit/audit/audited-setting.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Datasource } from './datasource.entity.js';

export const kit = defineCrud({
  path: 'crawl',
  scope: 'crawl',
  entity: Datasource,
  label: 'Datasource',
  audited: { type: 'datasource', calledBy: ['display_name'], shownAs: { url: originOf } },
  offers: ['list', 'delete'],
  unique: { crawl_datasources_org_url: 'url' },
});
