import { partOf } from '../../core/wire/field.js';
import { Role } from './role.entity.js';

export class RoleView extends partOf(Role, 'id', 'name') {}
