import { defineErrors } from '../../../core/errors/define-errors.js';

export const crawlErrors = defineErrors({
  crawl_under_way: { status: 409, message: 'The datasource is already being crawled.' },
  crawl_paused: { status: 409, message: 'The datasource is paused. Set its status to active first.' },
});
