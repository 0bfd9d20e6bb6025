"""A page of Atlassian Statuspage, from the files of its public JSON API (v2), as commands of ours."""
