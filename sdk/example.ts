import { Gatehouse, GatehouseError, once } from 'gatehouse-sdk';

const url = process.env['GATEHOUSE_URL']!;
const partner = new Gatehouse({ url, key: process.env['GATEHOUSE_PARTNER_KEY']! });

// Creates the org of a customer, or finds it by your own id.
const externalId = 'customer-12345';
const org = await partner
  .post('/partner/v1/orgs', { body: { name: 'Acme Tours', external_id: externalId, language: 'en' } })
  .catch((error: unknown) => {
    if (!(error instanceof GatehouseError && error.status === 409)) throw error;
    return partner.get('/partner/v1/orgs/by-external-id/{externalId}', { params: { path: { externalId } } });
  });

// Its key, which is shown once, and a link that signs in its owner.
const path = { orgId: org.id };
const made = await partner.post('/partner/v1/orgs/{orgId}/api-keys', { params: { path, ...once() } });
const body = { email: 'owner@acmetours.com', name: 'Jane Smith' };
const link = await partner.post('/partner/v1/orgs/{orgId}/login-links', { params: { path, ...once() }, body });
console.log(`The button "Manage support" leads to ${link.url}`);

const api = new Gatehouse({ url, key: made.api_key });
for await (const contact of api.each('/contacts')) console.log(contact.email);
