import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../access/principal/principal.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import type { DomainEvent, DomainEventName } from './domain-event.js';

/** Runs in the transaction of the change, so an error rolls both back. */
export type Listener<Name extends DomainEventName> = (
  manager: EntityManager,
  event: DomainEvent<Name>,
) => Promise<void>;

/** Notifies features of changes without imports between them. Listeners enqueue slow work as jobs. */
@Injectable()
export class DomainEventBus {
  readonly #listeners = new Map<DomainEventName, Listener<DomainEventName>[]>();
  /** Events with a listener for all orgs. */
  readonly #always = new Set<DomainEventName>();

  constructor(private readonly database: Database) {}

  /** Must run before the server starts. */
  listen<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    this.#add(name, listener);
    this.#always.add(name);
  }

  /** Guarantees events only of orgs that await them (`Principal.mayAwait`). Events of other orgs may be skipped. */
  listenWhereAwaited<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    this.#add(name, listener);
  }

  /** @param manager of the transaction of the change */
  async emit(manager: EntityManager, event: DomainEvent): Promise<void> {
    for (const listener of this.#listeners.get(event.name) ?? []) await listener(manager, event);
  }

  /** Runs a change of one statement and emits its event. Opens a transaction only if there is a listener. */
  async emitWith<T>(
    principal: Principal,
    event: DomainEvent,
    change: (manager?: EntityManager) => Promise<T>,
  ): Promise<T> {
    if (!this.#isAwaited(principal, event.name)) return change();
    return inTransaction(this.database.dataSource, async (manager) => {
      const result = await change(manager);
      await this.emit(manager, event);
      return result;
    });
  }

  /** Emits the events of a change of many rows, except those without a listener. */
  async emitAll(principal: Principal, manager: EntityManager, events: readonly DomainEvent[]): Promise<void> {
    for (const event of events) if (this.#isAwaited(principal, event.name)) await this.emit(manager, event);
  }

  #isAwaited(principal: Principal, name: DomainEventName): boolean {
    return this.#always.has(name) || principal.mayAwait(name);
  }

  #add<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    const others = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, [...others, listener as Listener<DomainEventName>]);
  }
}
