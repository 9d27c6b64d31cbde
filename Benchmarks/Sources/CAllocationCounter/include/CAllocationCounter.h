#pragma once

/// How often memory has been asked for since the program began.
unsigned long allocation_count(void);

/// How many bytes the program holds of what it has asked for.
unsigned long allocated_bytes(void);
