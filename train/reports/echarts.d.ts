/** The library in one file: its hundreds of modules take half a second longer to load. */
declare module 'echarts/dist/echarts.esm.min' {
  export { init } from 'echarts/core';
}
