import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { ScopeCatalogue } from '../../../../access/scopes/scope-catalogue.service.js';
import { CONFIG, type Config } from '../../../../core/config/config.js';
import { CachedBody } from '../../../../core/http/cached-body.js';
import type { HostPages } from '../../../../core/http/host-pages.js';
import { Answer } from '../../../../core/wire/answer.js';
import { ownHostsOf } from '../own-hosts.js';
import { ArticleHtml } from './article-html.js';
import { articlePage, homePage, missingPage, PAGE_HEADERS, type Site } from './help-page.js';
import { CACHE_CONTROL, type FoundCenter, PublishedHelp } from './published-help.service.js';

const PAGE = { type: PAGE_HEADERS['content-type'], cacheControl: CACHE_CONTROL, others: PAGE_HEADERS };
const NOT_KEPT = { ...PAGE_HEADERS, 'cache-control': 'no-store' };

/** Makes the pages of help centers. A page without a center in its path belongs to the host of the request. */
@Injectable()
export class HelpPages implements HostPages {
  readonly #publicUrl: string;
  readonly #ownHosts: ReadonlySet<string>;

  constructor(
    private readonly help: PublishedHelp,
    private readonly html: ArticleHtml,
    private readonly catalogue: ScopeCatalogue,
    @Inject(CONFIG) config: Pick<Config, 'publicUrl' | 'dashboardUrl'>,
  ) {
    this.#publicUrl = config.publicUrl;
    this.#ownHosts = ownHostsOf(config);
  }

  async homeOf(host: string): Promise<string | undefined> {
    if (!this.catalogue.isOn('help-center')) return undefined;
    return (await this.#centerOf(undefined, host)) && '/articles';
  }

  async home(name: string | undefined, language: unknown, headers: IncomingHttpHeaders): Promise<Answer> {
    const found = await this.#centerOf(name, headers.host);
    if (found === undefined) return missing();
    const { languages, primary_language } = found.center;
    const shown = languages.find((each) => each === language) ?? primary_language;
    return page(headers, homePage(this.#siteOf(found, name), shown, await this.help.contents(found, shown)));
  }

  async article(name: string | undefined, slug: string, headers: IncomingHttpHeaders): Promise<Answer> {
    const found = await this.#centerOf(name, headers.host);
    const article = found && (await this.help.find(found, slug))?.parse();
    if (found === undefined || article === undefined) return missing(found && this.#siteOf(found, name));
    return page(headers, articlePage(this.#siteOf(found, name), article, await this.html.of(article.content)));
  }

  async #centerOf(name: string | undefined, host = ''): Promise<FoundCenter | undefined> {
    if (name !== undefined) return this.help.findCenter(name);
    const domain = host.replace(/:\d{1,5}$/, '').toLowerCase();
    return this.#ownHosts.has(domain) ? undefined : this.help.findCenter(domain);
  }

  #siteOf({ center }: FoundCenter, name: string | undefined): Site {
    const { id, custom_domain } = center;
    return {
      center,
      path: name === undefined ? '/articles' : `/help/${id}`,
      url: custom_domain === null ? `${this.#publicUrl}/help/${id}` : `https://${custom_domain}/articles`,
    };
  }
}

function page(requested: IncomingHttpHeaders, html: string): Promise<Answer> {
  return CachedBody.of(PAGE, html).answerTo(requested);
}

function missing(site?: Site): Answer {
  return new Answer(missingPage(site), { status: 404, headers: NOT_KEPT });
}
