import type { Resource } from '../../../kit/crud/define-resource.js';
import { OrgsModule } from '../../../tenancy/orgs/orgs.module.js';
import { WidgetConfig } from './widget-config.entity.js';
import { WidgetController } from './widget.controller.js';
import { Widget } from './widget.service.js';

export const widget: Resource = {
  entities: [WidgetConfig],
  controllers: [WidgetController],
  providers: [Widget],
  imports: [OrgsModule],
};
