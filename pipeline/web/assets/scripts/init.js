// Starts what helps on a page. Every page works without this file: it may only make
// things smoother, never possible.

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

/** Words for the components, in the page's language, which a form carries as JSON. English is built in. */
function wordsNear(element) {
  const carried = element.closest("[data-words]")?.dataset.words;
  return carried ? JSON.parse(carried) : {};
}

async function startComponents() {
  const modules = [...document.querySelectorAll("[data-module^='govuk-']")];
  if (modules.length === 0) {
    return;
  }
  const govuk = await import("./govuk-frontend.min.js");
  const components = {
    "govuk-button": govuk.Button,
    "govuk-character-count": govuk.CharacterCount,
    "govuk-checkboxes": govuk.Checkboxes,
    "govuk-error-summary": govuk.ErrorSummary,
    "govuk-notification-banner": govuk.NotificationBanner,
    "govuk-password-input": govuk.PasswordInput,
    "govuk-radios": govuk.Radios,
    "govuk-skip-link": govuk.SkipLink,
  };
  for (const element of modules) {
    const Component = components[element.dataset.module];
    if (!Component) {
      continue;
    }
    const i18n = wordsNear(element)[element.dataset.module];
    try {
      if (i18n) {
        new Component(element, { i18n });
      } else {
        new Component(element);
      }
    } catch (error) {
      // One component that cannot start must not keep the others from it.
      console.error(error);
    }
  }
}

// Filters are open on a wide page. On a narrow one they fold, so that what was found comes first: unless one of them is
// in use that the page does not name above the list.
function foldFilters() {
  const wide = window.matchMedia("(min-width: 48.0625em)");
  const named = document.querySelector(".removable") !== null;
  const fold = () => {
    for (const panel of document.querySelectorAll("details.filters")) {
      panel.open = wide.matches || (panel.hasAttribute("data-in-use") && !named);
    }
  };
  fold();
  wide.addEventListener("change", fold);
}

foldFilters();
startComponents();
