import { Chip } from "../ui/controls.tsx";
import type { Field } from "./form.ts";

interface FormFieldsProps {
  readonly fields: readonly Field[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly onChange: (values: Readonly<Record<string, unknown>>) => void;
}

/** The fields of a request's form. */
export function FormFields({ fields, values, onChange }: FormFieldsProps) {
  const set = (name: string, value: unknown) => onChange({ ...values, [name]: value });
  return (
    <div class="form">
      {fields.map((field) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out like this.
        <div key={field.name} class={`field ${field.kind}`} role="group" aria-label={field.title}>
          <span>
            {field.title}
            {field.isRequired && <span class="muted"> (required)</span>}
          </span>
          {field.description !== "" && <span>{field.description}</span>}
          <Input
            field={field}
            value={values[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        </div>
      ))}
    </div>
  );
}

interface InputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function Input({ field, value, onChange }: InputProps) {
  const { title, kind, choices, isClosed, isSecret } = field;
  if (kind === "boolean") {
    return (
      <input
        type="checkbox"
        aria-label={title}
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  return (
    <>
      {choices.length > 0 && (
        <span class="chips">
          {choices.map((choice) => (
            <Chip
              key={choice}
              label={choice}
              class="choice"
              isOn={value === choice}
              onClick={() => onChange(choice)}
            />
          ))}
        </span>
      )}
      {(choices.length === 0 || !isClosed) && (
        <input
          {...(isSecret ? { type: "password" } : { type: "text" })}
          aria-label={title}
          placeholder={choices.length > 0 ? "or another answer" : ""}
          inputMode={kind === "number" ? "decimal" : "text"}
          value={typeof value === "string" ? value : ""}
          autocomplete="off"
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </>
  );
}
