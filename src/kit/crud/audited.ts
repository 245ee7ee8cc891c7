import { callerOf } from '../audit/actor.js';
import type { AuditedTable } from '../audit/audited-table.js';
import { SettingChanges } from '../audit/setting-changes.js';
import { rowId } from '../../core/wire/row-id.js';
import { aroundHandler } from '../../core/wire/around-handler.js';

interface AuditedController {
  readonly service: { readonly audited: AuditedTable | undefined };
}

/**
 * Audits the change of a handler in the same transaction: of the row `:id` or, without `:id`, of the returned new row.
 * It must be the decorator closest to the method.
 */
export function Audited(): MethodDecorator {
  return aroundHandler<SettingChanges, AuditedController>(SettingChanges, (changes, { controller, request, run }) => {
    const { audited } = controller.service;
    if (audited === undefined) throw new Error('The definition of the resource says nothing of its audit.');
    const caller = callerOf(request);
    const { orgId } = caller.principal;
    const { id } = request.params as { id?: string };
    return changes.watch(caller, id === undefined ? audited.newRow(orgId) : audited.row(orgId, rowId(id)), run);
  });
}
