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
        // biome-ignore lint/a11y/noLabelWithoutControl: its control is made by Input.
        <label key={field.name} class={`field ${field.kind}`}>
          <span>
            {field.title}
            {field.isRequired && <span class="muted"> (required)</span>}
          </span>
          {field.description !== "" && <span class="muted">{field.description}</span>}
          <Input
            field={field}
            value={values[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        </label>
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
  const text = typeof value === "string" ? value : "";
  if (field.kind === "boolean") {
    return (
      <input
        type="checkbox"
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  return (
    <>
      {field.choices.length > 0 && (
        <span class="chips">
          {field.choices.map((choice) => (
            <Chip
              key={choice}
              label={choice}
              isOn={value === choice}
              onClick={() => onChange(choice)}
            />
          ))}
        </span>
      )}
      {(field.choices.length === 0 || !field.isClosed) && (
        <input
          {...(field.isSecret ? { type: "password" } : { type: "text" })}
          inputMode={field.kind === "number" ? "decimal" : "text"}
          value={text}
          autocomplete="off"
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </>
  );
}
