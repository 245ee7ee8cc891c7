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
import { RecentBodies } from './recent-bodies.js';
import { CACHE_CONTROL, type FoundCenter, PublishedHelp } from './published-help.service.js';

const PAGE = { type: PAGE_HEADERS['content-type'], cacheControl: CACHE_CONTROL, others: PAGE_HEADERS };
const NOT_KEPT = { ...PAGE_HEADERS, 'cache-control': 'no-store' };

/** Where a request found a page. */
interface Place {
  /** An id or a domain. */
  readonly name: string;
  /** From the Host header, not from the path. */
  readonly isHost: boolean;
}

/** Makes the pages of help centers. A page without a center in its path belongs to the host of the request. */
@Injectable()
export class HelpPages implements HostPages {
  readonly #publicUrl: string;
  readonly #ownHosts: ReadonlySet<string>;

  constructor(
    private readonly help: PublishedHelp,
    private readonly html: ArticleHtml,
    private readonly recent: RecentBodies,
    private readonly catalogue: ScopeCatalogue,
    @Inject(CONFIG) config: Pick<Config, 'publicUrl' | 'dashboardUrl'>,
  ) {
    this.#publicUrl = config.publicUrl;
    this.#ownHosts = ownHostsOf(config);
  }

  async homeOf(host: string): Promise<string | undefined> {
    if (!this.catalogue.isOn('help-center')) return undefined;
    return (await this.#centerOf(placeOf(undefined, host))) && '/articles';
  }

  home(name: string | undefined, language: unknown, headers: IncomingHttpHeaders): Promise<Answer> {
    const place = placeOf(name, headers.host);
    return this.#recent(headers, ['home', place, String(language)], async () => {
      const found = await this.#centerOf(place);
      if (found === undefined) return missing();
      const { languages, primary_language } = found.center;
      const shown = languages.find((each) => each === language) ?? primary_language;
      return page(homePage(this.#siteOf(found, place), shown, await this.help.contents(found, shown)));
    });
  }

  article(name: string | undefined, slug: string, headers: IncomingHttpHeaders): Promise<Answer> {
    const place = placeOf(name, headers.host);
    return this.#recent(headers, ['article', place, slug], async () => {
      const found = await this.#centerOf(place);
      const article = found && (await this.help.find(found, slug))?.parse();
      if (found === undefined || article === undefined) return missing(found && this.#siteOf(found, place));
      return page(articlePage(this.#siteOf(found, place), article, await this.html.of(article.content)));
    });
  }

  async #recent(
    headers: IncomingHttpHeaders,
    key: readonly unknown[],
    make: () => Promise<CachedBody | Answer>,
  ): Promise<Answer> {
    const made = await this.recent.get(JSON.stringify(key), make);
    return made instanceof CachedBody ? made.answerTo(headers) : made;
  }

  async #centerOf({ name, isHost }: Place): Promise<FoundCenter | undefined> {
    return isHost && this.#ownHosts.has(name) ? undefined : this.help.findCenter(name);
  }

  #siteOf({ center }: FoundCenter, { isHost }: Place): Site {
    const { id, custom_domain } = center;
    return {
      center,
      path: isHost ? '/articles' : `/help/${id}`,
      url: custom_domain === null ? `${this.#publicUrl}/help/${id}` : `https://${custom_domain}/articles`,
    };
  }
}

function placeOf(center: string | undefined, host = ''): Place {
  if (center !== undefined) return { name: center, isHost: false };
  return { name: host.replace(/:\d{1,5}$/, '').toLowerCase(), isHost: true };
}

function page(html: string): CachedBody {
  return CachedBody.of(PAGE, html);
}

function missing(site?: Site): Answer {
  return new Answer(missingPage(site), { status: 404, headers: NOT_KEPT });
}
