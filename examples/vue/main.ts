import { createApp } from 'vue';
import DigitField from './DigitField.vue';

createApp(DigitField).mount('#root');
