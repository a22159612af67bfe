import js from '@eslint/js'
import ts from 'typescript-eslint'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import svelteConfig from './svelte.config.js'

const host = { group: ['@tauri-apps/*'], message: 'only core/host/tauri.ts speaks to Tauri' }
const barrel = { regex: '^@lucide/svelte$', message: 'import one icon: @lucide/svelte/icons/name' }
const generated = { regex: 'generated/bindings$', message: 'types come through core/host/types' }
const zone = (folder, may, message) => ({
  files: [`src/${folder}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: [host, barrel, generated, { regex: may, message }] }],
  },
})

export default ts.config(
  { ignores: ['dist', '.svelte-check', 'src/core/generated'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'svelte.config.js'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // What is written to these places stays legible on the disk.
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'legible on the disk' },
        { name: 'sessionStorage', message: 'legible on the disk' },
        { name: 'indexedDB', message: 'legible on the disk' },
        { name: 'fetch', message: 'the screen speaks to the core alone' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'localStorage' },
        { object: 'window', property: 'sessionStorage' },
        { object: 'window', property: 'indexedDB' },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Maps and sets here are replaced whole, never changed in place.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['*.js'], ...ts.configs.disableTypeChecked },
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  // Stand-ins for what jsdom lacks: its types say that it has them.
  {
    files: ['vitest.setup.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  zone('design', '^(\\.\\./)+(features|views|app|core)/', 'design knows no feature and no core'),
  zone('text', '^(\\.\\./)+(features|views|app|design)/', 'text knows the shapes of core alone'),
  zone('core', '^(\\.\\./)+(features|views|app|design)/', 'core knows no screen'),
  zone('features', '^\\.\\./(?!\\.\\./(design|core|text)/)', 'a feature imports design, core, text and itself'),
  {
    files: ['src/features/**/*.{ts,svelte}'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'a feature is imported by name' }],
    },
  },
  zone('views', '^(\\.\\./)+app/', 'a view is placed by the app'),
  { files: ['src/core/host/tauri.ts', 'src/core/host/views.ts'], rules: { 'no-restricted-imports': 'off' } },
  // A test shows a part as the app would: with the played host, and from outside its zone.
  { files: ['src/{features,views,text}/**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [host, barrel] }] } },
)
