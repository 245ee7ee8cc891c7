import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const CENTER = {
  name: 'Harbour Tours help',
  description: 'Answers about cruises, tickets and refunds.',
  primary_language: 'en',
  custom_domain: 'help.harbourtours.example',
};
const CATEGORY = {
  name: 'Bookings',
  slug: 'bookings',
  description: 'How to book and to change a booking.',
  icon: 'ticket',
};
const ARTICLE = {
  title: 'How do I change the date of a cruise?',
  slug: 'change-the-date',
  description: 'Up to 24 hours before departure, free of charge.',
  content: '## Online\n\nOpen the link in your confirmation and choose another date.',
  meta_title: 'Change the date of a cruise',
  meta_description: 'Change your harbour cruise up to 24 hours before departure.',
};
const PUBLISHED = {
  slug: ARTICLE.slug,
  title: ARTICLE.title,
  description: ARTICLE.description,
  language: 'en',
  published_at: '2026-03-05T09:00:00.000Z',
};
const PAGE = '<!doctype html>\n<html lang="en"><head><title>Harbour Tours help</title></head><body>…</body></html>';

export const helpCenterExamples = defineExamples({
  schemas: {
    PutHelpCenterDto: { ...CENTER, languages: ['en', 'de'] },
    HelpCenter: { id: IDS.helpCenter, ...CENTER, languages: ['en', 'de'] },
    CreateCategoryDto: { ...CATEGORY, position: 1 },
    UpdateCategoryDto: { name: 'Bookings and changes', position: 2 },
    Category: { id: IDS.category, ...CATEGORY, position: 1 },
    CreateArticleDto: { category_id: IDS.category, language: 'en', ...ARTICLE },
    UpdateArticleDto: { content: '## Online\n\nOpen the link in your confirmation. Then choose another date.' },
    Article: {
      id: IDS.article,
      category_id: IDS.category,
      ...ARTICLE,
      language: 'en',
      translation_of: null,
      status: 'published',
      published_at: '2026-03-05T09:00:00.000Z',
    },
    PublishedCenter: { id: IDS.helpCenter, ...CENTER, languages: ['en', 'de'] },
    PublishedCategory: CATEGORY,
    PublishedSummary: { ...PUBLISHED, category: CATEGORY.slug },
    PublishedArticle: {
      ...PUBLISHED,
      content: ARTICLE.content,
      meta_title: ARTICLE.meta_title,
      meta_description: ARTICLE.meta_description,
    },
    Translation: { language: 'de', slug: 'termin-aendern', title: 'Wie ändere ich den Termin einer Fahrt?' },
  },
  paths: {
    '/help-center/categories/{id}': IDS.category,
    '/help-center/articles/{id}': IDS.article,
    '/help/{center}': IDS.helpCenter,
    '/help/{center}/{slug}': ARTICLE.slug,
    '/articles/{slug}': ARTICLE.slug,
    '/public/help-centers/{center}': IDS.helpCenter,
    '/public/help-centers/{center}/articles/{slug}': ARTICLE.slug,
  },
  operations: {
    'helpCenterArticles.create': { response: { status: 'draft', published_at: null } },
    'helpCenterArticles.unpublish': { response: { status: 'draft', published_at: null } },
    'helpCenterArticles.list': { query: { status: 'published', language: 'en' } },
    'publishedHelp.list': { query: { language: 'en', category: CATEGORY.slug } },
    'customDomain.home': { query: { language: 'en' }, response: PAGE },
    'customDomain.article': { response: PAGE },
    'helpPages.home': { query: { language: 'en' }, response: PAGE },
    'helpPages.article': { response: PAGE },
  },
});
