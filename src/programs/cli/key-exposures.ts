import { Database } from '../../core/database/database.js';
import { ListedExposures } from '../../insight/leaks/listed-exposures.js';
import { defineCommand } from './command.js';
import { findOrgKeyOrThrow } from './key-owner.js';
import { KEY_PARTS } from './key-parts.js';
import { table } from './text.js';

const TITLES = ['FOUND AT', 'REPORTED BY', 'ACTION', 'KIND', 'URL'];

export const keyExposures = defineCommand({
  name: 'key exposures',
  argument: 'ID',
  summary: 'List the newest 100 places where a key of an org was found in public.',
  options: {},
  parts: { services: [ListedExposures], entities: KEY_PARTS.entities },
  async run({ argument, service }) {
    const { org_id, id } = await findOrgKeyOrThrow(await service(Database), argument);
    const { items } = (await (await service(ListedExposures)).list(org_id, id)).parse();
    const rows = items.map(({ created_at, reported_by, action, found_in, url }) => {
      return [created_at, reported_by, action, found_in ?? '-', url ?? '-'];
    });
    return { json: { items }, text: table(TITLES, rows, 'The key was not found in public.') };
  },
});
