"""What programs speak to, beside the page: OpenAI's protocol, health and metrics. Knows no Gradio."""
