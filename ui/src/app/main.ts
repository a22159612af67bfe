import './styles'
import { mount } from 'svelte'
import App from './App.svelte'
import { chooseHost } from './host'
import { watchPolicy } from './violations'

watchPolicy()
await chooseHost()
const target = document.getElementById('app')
const now = import.meta.env.MODE === 'fake' ? () => new Date('2026-11-24T21:40:00') : () => new Date()
if (target) mount(App, { target, props: { now } })
