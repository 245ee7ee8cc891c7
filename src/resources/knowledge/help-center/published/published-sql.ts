import { instantAsText } from '../../../../core/database/row-as-json.js';

const ARTICLES = 'help_center_articles';

/** SQL condition: everyone may read the article. @param article the name of its table or alias */
export function isPublished(article = ARTICLES): string {
  return `${article}.status = 'published' AND ${article}.language = ANY (
    SELECT unnest(languages) FROM help_centers WHERE help_centers.org_id = ${article}.org_id)`;
}

/** SQL condition: the row is in the language, or in the primary one if it isn't translated. @param language parameter */
export function isBestIn(language: string): string {
  return `(${ARTICLES}.language = ${language} OR ${ARTICLES}.language = (
      SELECT primary_language FROM help_centers WHERE help_centers.org_id = ${ARTICLES}.org_id)
    AND NOT EXISTS (
      SELECT FROM help_center_articles other
      WHERE ${isTranslation('other')} AND other.language = ${language} AND ${isPublished('other')}))`;
}

/** SQL condition: two articles have the same original, or one is the other's. */
function isTranslation(other: string): string {
  const original = `coalesce(${ARTICLES}.translation_of, ${ARTICLES}.id)`;
  return `${other}.org_id = ${ARTICLES}.org_id AND ${other}.id <> ${ARTICLES}.id
    AND (${other}.id = ${original} OR ${other}.translation_of = ${original})`;
}

const CATEGORY = `json_build_object('slug', category.slug, 'name', category.name,
  'description', category.description, 'icon', category.icon)`;
const OF_CATEGORY = `FROM help_center_categories category
  WHERE category.org_id = ${ARTICLES}.org_id AND category.id = category_id`;
const TIMES = `'published_at', ${instantAsText('published_at')}, 'updated_at', ${instantAsText('updated_at')}`;

/** SQL for a row of a list, as JSON text. */
export const SUMMARY = `json_build_object('slug', slug, 'title', title, 'description', description, 'language', language,
  'category', (SELECT category.slug ${OF_CATEGORY}), ${TIMES})::text`;

/** $2 is the id or the custom domain. */
export const centerSql = (column: 'id' | 'custom_domain') => `
  SELECT json_build_object('org_id', org_id, 'id', id, 'name', name, 'description', description,
    'primary_language', primary_language, 'languages', languages, 'custom_domain', custom_domain,
    'categories', (SELECT coalesce(json_agg(${CATEGORY} ORDER BY position, id), '[]')
      FROM help_center_categories category WHERE category.org_id = help_centers.org_id))::text
  FROM help_centers WHERE ${column} = $1`;

export const ARTICLE = `
  SELECT json_build_object('slug', slug, 'title', title, 'description', description, 'language', language,
    'content', content, 'meta_title', meta_title, 'meta_description', meta_description,
    'category', (SELECT ${CATEGORY} ${OF_CATEGORY}),
    'translations', (
      SELECT coalesce(json_agg(json_build_object('language', other.language, 'slug', other.slug, 'title', other.title)
        ORDER BY other.language), '[]')
      FROM help_center_articles other WHERE ${isTranslation('other')} AND ${isPublished('other')}),
    ${TIMES})::text
  FROM ${ARTICLES} WHERE org_id = $1 AND slug = $2 AND ${isPublished()}`;

const ARTICLES_OF_CATEGORY_MAX = 200;

/** The categories that have articles in the language $2, by position. */
export const CONTENTS = `
  SELECT coalesce(json_agg(contents ORDER BY position, id), '[]')::text
  FROM (
    SELECT category.position, category.id, name, description, icon, articles
    FROM help_center_categories category
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('slug', slug, 'title', title, 'description', description, 'language', language)
        ORDER BY id) AS articles
      FROM (
        SELECT id, slug, title, description, language FROM ${ARTICLES}
        WHERE org_id = $1 AND category_id = category.id AND ${isPublished()} AND ${isBestIn('$2')}
        ORDER BY id LIMIT ${ARTICLES_OF_CATEGORY_MAX}
      ) best
    ) published
    WHERE category.org_id = $1 AND articles IS NOT NULL
  ) contents`;
