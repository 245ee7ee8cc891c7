import { defineCrud } from '../../../kit/crud/define-crud.js';
import { OutboundTrunk } from './outbound-trunk.entity.js';

export const kit = defineCrud({
  path: 'phone/sip/outbound-trunks',
  scope: 'sip',
  entity: OutboundTrunk,
  label: 'Outbound trunk',
  audited: { type: 'sip_outbound_trunk', sealed: ['password'] },
  offers: ['list', 'update', 'delete'],
});
