import DefaultTheme from "vitepress/theme";
import BenchCharts from "./components/BenchCharts.vue";
import CompatMatrix from "./components/CompatMatrix.vue";
import SvgDiagram from "./components/SvgDiagram.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("BenchCharts", BenchCharts);
    app.component("CompatMatrix", CompatMatrix);
    app.component("SvgDiagram", SvgDiagram);
  },
};
