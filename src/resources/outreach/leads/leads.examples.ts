import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const LEAD = {
  name: 'Northwind Logistics',
  phone: '+4989555010',
  email: 'events@northwind.example',
  source: 'form',
  status: 'new',
  score: 70,
  tags: ['company-outing'],
};

export const leadExamples = defineExamples({
  schemas: {
    Lead: { id: IDS.lead, ...LEAD },
    CreateLeadDto: LEAD,
    UpdateLeadDto: { status: 'qualified', score: 85 },
    UpsertLeadsDto: {
      leads: [
        { ...LEAD, score: 75 },
        { name: 'Ada Laurent', email: 'ada.laurent@example.com', source: 'facebook' },
      ],
    },
  },
  paths: { '/leads/{id}': IDS.lead },
  operations: { 'leads.list': { query: { status: 'new', source: 'form' } } },
});
