import { defineExamples } from '../../../core/wire/examples.js';

/** Stands for the secret of a page with the widget. */
export const EXAMPLE_WIDGET_TOKEN = '5d0e8b7c2f4a91365d0e8b7c2f4a91365d0e8b7c2f4a91365d0e8b7c2f4a9136';
const CONFIG = {
  allowed_origins: ['www.harbourtours.example'],
  sessions_polling_interval_seconds: 30,
  session_polling_interval_seconds: 5,
  modes: ['chat', 'help_center'],
  theme: { color: '#0b5f83', position: 'right' },
};

export const widgetExamples = defineExamples({
  schemas: {
    ShownWidgetConfig: { ...CONFIG, widget_token: EXAMPLE_WIDGET_TOKEN },
    ShownWidgetToken: { widget_token: EXAMPLE_WIDGET_TOKEN },
    UpdateWidgetConfigDto: { allowed_origins: CONFIG.allowed_origins, theme: CONFIG.theme },
  },
});
