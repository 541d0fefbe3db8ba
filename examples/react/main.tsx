import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { DigitField } from './DigitField.js';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <DigitField />
  </StrictMode>,
);
