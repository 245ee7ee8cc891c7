import type { Resource } from '../../../kit/crud/define-resource.js';
import { SipInboundNumber } from './inbound-number.entity.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';
import { InboundTrunks } from './inbound-trunks.service.js';
import { OutboundTrunk } from './outbound-trunk.entity.js';
import { OutboundTrunks } from './outbound-trunks.service.js';
import { SipInboundTrunkController, SipOutboundTrunksController } from './sip.controller.js';

export const sip: Resource = {
  entities: [SipInboundTrunk, SipInboundNumber, OutboundTrunk],
  controllers: [SipInboundTrunkController, SipOutboundTrunksController],
  providers: [InboundTrunks, OutboundTrunks],
};
