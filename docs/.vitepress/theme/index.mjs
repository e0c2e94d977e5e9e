// The site's theme: VitePress's own, with the components of the pages.
import DefaultTheme from "vitepress/theme";
import BenchCharts from "./components/BenchCharts.vue";
import CompatMatrix from "./components/CompatMatrix.vue";
import SiteLayout from "./components/SiteLayout.vue";
import SvgDiagram from "./components/SvgDiagram.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout: SiteLayout,
  enhanceApp({ app }) {
    app.component("BenchCharts", BenchCharts);
    app.component("CompatMatrix", CompatMatrix);
    app.component("SvgDiagram", SvgDiagram);
  },
};
