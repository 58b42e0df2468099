// The one global of the embedded chart library. Series and components that no page can use are left out.
import * as core from "echarts/core";
import {
  LineChart, BarChart, ScatterChart, CustomChart, SankeyChart, TreemapChart, FunnelChart, BoxplotChart,
} from "echarts/charts";
import {
  GridComponent, LegendComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, AriaComponent, DatasetComponent,
  AxisPointerComponent, DataZoomComponent,
} from "echarts/components";
import { SVGRenderer, CanvasRenderer } from "echarts/renderers";
// Without LegacyGridContainLabel, grid.containLabel silently does nothing in a custom bundle of version 6.
import { LabelLayout, LegacyGridContainLabel } from "echarts/features";
import langEN from "echarts/lib/i18n/langEN.js";
import langFR from "echarts/lib/i18n/langFR.js";

core.use([
  LineChart, BarChart, ScatterChart, CustomChart, SankeyChart, TreemapChart, FunnelChart, BoxplotChart,
  GridComponent, LegendComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, AriaComponent, DatasetComponent,
  AxisPointerComponent, DataZoomComponent,
  SVGRenderer, CanvasRenderer, LabelLayout, LegacyGridContainLabel,
]);
core.registerLocale("EN", langEN);
core.registerLocale("FR", langFR);

// The build names these exports with one global variable, echarts.
export const init = core.init;
export const setPlatformAPI = core.setPlatformAPI;
export const registerTheme = core.registerTheme;
export const registerLocale = core.registerLocale;
export const getInstanceByDom = core.getInstanceByDom;
export const version = core.version;
