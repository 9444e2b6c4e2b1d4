/** @file Starts the page: theme first, so that nothing flashes, then the app. Holds no state. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./theme.css";
import "./parts.css";
import "./present.css";
import { applyTheme, savedTheme } from "./theme.ts";

applyTheme(savedTheme());
const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element with the id app");
target.replaceChildren();
mount(App, { target });
