Here is the updated file with the missing error handling:

```python
def read(path):
    try:
        return open(path).read()
    except OSError:
        return ""
```
