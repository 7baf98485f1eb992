"""baygan completion: make the Tab key know baygan."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print a script that makes SHELL complete what is typed.

    It knows commands, options, the names of sites and the IDs of the latest articles.

    Put the script where the shell looks, and open a new one:

    \b
      baygan completion bash > ~/.local/share/bash-completion/completions/baygan
      baygan completion zsh  > ~/.zfunc/_baygan     # a folder in $fpath
      baygan completion fish > ~/.config/fish/completions/baygan.fish
    """
    from scraper.cli import baygan

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(baygan, {}, "baygan", "_BAYGAN_COMPLETE").source())
